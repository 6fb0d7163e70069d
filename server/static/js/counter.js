/* Shows how much of a field's length is used; it is read out only when little is left. */
(() => {
  function show(field) {
    const most = Number(field.dataset.most);
    const used = Array.from(field.value.trim()).length;
    let count = field.parentElement.querySelector(".count");
    if (!count) {
      count = document.createElement("output");
      count.className = "count";
      field.after(count);
    }
    count.setAttribute("aria-live", used > most * 0.9 ? "polite" : "off");
    count.classList.toggle("over", used > most);
    count.textContent = `${used} / ${most}`;
  }

  document.addEventListener("input", (event) => {
    if (event.target.dataset.most) show(event.target);
  });
  for (const field of document.querySelectorAll("[data-most]")) show(field);
})();
