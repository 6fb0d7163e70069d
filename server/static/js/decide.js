/* Keys a, r and e decide on the open item of the queue; loaded only for people who switched them on. */
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable]");
  const item = document.querySelector("form.item");
  if (!item || typing || event.repeat || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "a") {
    item.querySelector("[value=approve]").checked = true;
    item.requestSubmit();
  } else if (event.key === "r") {
    item.querySelector("[value=send_back]").click();
    item.querySelector("[name=reason]").focus();
  } else if (event.key === "e") {
    item.querySelector(".mend")?.click();
  }
});
