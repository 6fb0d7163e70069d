/* Keys 1, 2 and 3 answer the statement; loaded only for people who switched them on. */
document.addEventListener("keydown", (event) => {
  const kind = { 1: "agree", 2: "disagree", 3: "pass" }[event.key];
  const typing = event.target.closest("input, textarea, select, [contenteditable]");
  if (!kind || typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  document.querySelector(`form.vote .is-${kind}`)?.click();
});
