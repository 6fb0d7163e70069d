/* Choosing a reason writes its ready sentence into the message, unless the moderator has written one. */
document.addEventListener("change", (event) => {
  const ready = event.target.dataset.ready;
  if (ready === undefined) return;
  const message = event.target.form.elements.message;
  const sentences = Array.from(event.target.form.querySelectorAll("[data-ready]"), (reason) => reason.dataset.ready);
  if (message.value.trim() === "" || sentences.includes(message.value)) {
    message.value = ready;
    message.dispatchEvent(new Event("input", { bubbles: true }));
  }
});
