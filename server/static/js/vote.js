/* A press that does not get through stays on the page and is sent once: its form keeps its key, so it counts once. */
(() => {
  const PAUSE = 5000; // milliseconds until the next try
  let kept = null; // the button whose press has not been stored
  let timer = 0;

  const note = () => document.getElementById("unsent");

  function keep(context, reason) {
    if (!context?.sourceElement?.matches("form.vote, form.undo")) return false;
    kept = context.request.submitter ?? context.sourceElement.querySelector("button");
    for (const button of kept.form.querySelectorAll("[name=choice]")) button.setAttribute("aria-pressed", button === kept);
    note().textContent = note().dataset[reason];
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
    return true;
  }

  function send() {
    if (kept?.isConnected) kept.form.requestSubmit(kept);
  }

  document.addEventListener("htmx:error", (event) => {
    if (event.detail.ctx && !event.detail.ctx.response) keep(event.detail.ctx, "lost");
  });
  document.addEventListener("htmx:before:response", (event) => {
    const { ctx } = event.detail;
    if ([429, 502, 503, 504].includes(ctx.response.status) && keep(ctx, "busy")) event.preventDefault();
  });
  document.addEventListener("htmx:after:swap", () => {
    kept = null;
    clearTimeout(timer);
    if (note()) note().textContent = "";
  });
  window.addEventListener("online", send);
})();
