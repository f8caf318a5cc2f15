// What removes a reload, and nothing a page needs: every form and link works without it.
"use strict";
document.addEventListener("submit", (event) => {
  // A second press while the first is on its way. The server takes one entry of both all the same.
  const form = event.target;
  if (form.method !== "post") return;
  if (form.dataset.sent) { event.preventDefault(); return; }
  form.dataset.sent = "1";
  window.addEventListener("pageshow", () => delete form.dataset.sent, { once: true });
});
