/* Entering a sheet: an answer's digit leads on to the next field, and Enter passes a statement by. */
(() => {
  const fields = Array.from(document.querySelectorAll(".keysheet input"));

  function next(field) {
    (fields[fields.indexOf(field) + 1] || field.form.querySelector("button[type=submit]")).focus();
  }

  document.addEventListener("focusin", (event) => {
    if (fields.includes(event.target)) event.target.select();
  });
  document.addEventListener("input", (event) => {
    if (fields.includes(event.target) && /^[123]$/.test(event.target.value)) next(event.target);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !fields.includes(event.target)) return;
    event.preventDefault();
    next(event.target);
  });
})();
