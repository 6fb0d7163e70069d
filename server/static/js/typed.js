/* Switching the language keeps what has been typed: for the next page only, in this tab. */
(() => {
  const KEY = "typed";
  const page = (address) => new URL(address, location.href).pathname.slice(3);
  const fields = () => Array.from(document.querySelectorAll("main form :is(input:not([type=hidden], [type=password]), select, textarea)"));

  for (const link of document.querySelectorAll(".site nav a")) {
    link.addEventListener("click", () => {
      const typed = fields().map(({ name, value, checked }) => ({ name, value, checked }));
      sessionStorage.setItem(KEY, JSON.stringify({ page: page(link.href), typed }));
    });
  }

  const kept = JSON.parse(sessionStorage.getItem(KEY));
  sessionStorage.removeItem(KEY);
  if (kept?.page !== page(location.href)) return;
  fields().forEach((field, place) => {
    const { name, value, checked } = kept.typed[place] ?? {};
    if (name !== field.name) return;
    if (["checkbox", "radio"].includes(field.type)) field.checked = checked;
    else field.value = value;
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
})();
