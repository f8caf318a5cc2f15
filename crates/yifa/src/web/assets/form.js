// Step forms: saved as one types, asked anew when it changes which fields apply, files by drag. All of it is a button without.
(() => {
  const sheet = () => document.querySelector("form.sheet");
  if (!sheet()) return;
  document.documentElement.classList.add("live");
  let turn = Promise.resolve(), busy = 0, timer = 0, sent = false, again = false;
  // One request after the other: each carries the version the one before was answered with.
  const queue = (job) => { busy++; turn = turn.then(job).catch(() => say("没有连上服务器，填的还在这一页")).finally(() => busy--); };
  const say = (text) => { const at = sheet().querySelector(".kept-at"); if (at) at.textContent = text; };
  const headers = { "x-yifa-piece": "1" };
  const values = (form) => [...form.elements].filter((e) => e.name && !["hidden", "file", "submit"].includes(e.type));
  const state = (e) => (e.type === "checkbox" || e.type === "radio" ? e.checked : e.value);
  const key = (e) => e.name + (e.type === "checkbox" || e.type === "radio" ? "=" + e.value : "");

  const took = (said) => {
    const form = sheet();
    if (said.draft) {
      form.elements.draft.value = said.draft;
      form.elements.version.value = said.version;
      form.dataset.draft = "/drafts/" + said.draft;
    }
    say(said.said);
  };

  // Nothing waits to be saved any more: leaving the page does not save it once again, as a draft of what was sent.
  const still = () => { clearTimeout(timer); timer = 0; };

  // Posts; where the draft was sent meanwhile and this page is still open, once more: what is typed here is another draft.
  async function post(address, body, keepalive) {
    if (again) body.set("again", "1");
    const answer = await fetch(address, { method: "POST", body, headers, keepalive });
    if (answer.status !== 409 || sent || again) return answer;
    again = true;
    return post(address, body, keepalive);
  }

  async function save(keepalive) {
    still();
    const form = sheet(), body = new URLSearchParams();
    for (const [name, value] of new FormData(form)) if (typeof value === "string") body.append(name, value);
    const answer = await post(form.dataset.draft, body, keepalive);
    const said = await answer.json();
    if (said.draft) again = false;
    took(said);
  }

  async function refresh() {
    still();
    const form = sheet(), body = new FormData(form), before = new Map(values(form).map((e) => [key(e), state(e)]));
    body.set("act", "update");
    if ([...form.elements].some((e) => e.type === "file" && e.files.length)) say("正在上传……");
    const answer = await post(form.getAttribute("action"), body);
    if (answer.status === 401 || answer.status === 409) return took(await answer.json());
    again = false;
    const fresh = document.createElement("div");
    fresh.innerHTML = await answer.text();
    if (!fresh.querySelector("form.sheet")) { say(""); form.before(...fresh.childNodes); return; }
    // What was typed while the answer was on its way stays.
    const late = values(form).filter((e) => before.get(key(e)) !== state(e)), at = document.activeElement && document.activeElement.id;
    // The buttons stay where they are: one may be under a finger just now.
    const next = fresh.querySelector("form.sheet");
    document.querySelector("#sheet > .said").replaceWith(fresh.querySelector(".said"));
    form.querySelector(".body").replaceWith(next.querySelector(".body"));
    form.dataset.draft = next.dataset.draft;
    say(next.querySelector(".kept-at").textContent);
    for (const e of values(sheet())) {
      const old = late.find((one) => key(one) === key(e));
      if (old) { if (typeof state(old) === "boolean") e.checked = old.checked; else e.value = old.value; }
    }
    if (at && document.getElementById(at)) document.getElementById(at).focus();
  }

  document.addEventListener("input", (event) => {
    if (!event.target.closest("form.sheet") || event.target.type === "file") return;
    sent = false;
    clearTimeout(timer);
    timer = setTimeout(() => queue(save), 1500);
  });
  document.addEventListener("change", (event) => {
    if (!event.target.closest("form.sheet")) return;
    if (event.target.type === "file" || event.target.closest("[data-reads]")) queue(refresh);
  });
  document.addEventListener("submit", (event) => {
    if (!event.target.matches("form.sheet")) return;
    const button = event.submitter, act = button ? button.value : "update";
    still();
    if (act === "update") queue(refresh);
    else if (busy) queue(() => { const again = sheet().querySelector(`[name=act][value=${act}]`); setTimeout(() => sheet().requestSubmit(again)); });
    else { sent = true; return; }
    event.preventDefault();
    event.stopPropagation();
  }, true);
  window.addEventListener("pageshow", () => { sent = false; });
  document.addEventListener("visibilitychange", () => { if (document.hidden && timer && !busy) queue(() => save(true)); });
  for (const kind of ["dragover", "dragleave", "drop"]) {
    document.addEventListener(kind, (event) => {
      const box = event.target.closest && event.target.closest(".files");
      if (!box || !event.dataTransfer.types.includes("Files")) return;
      event.preventDefault();
      box.classList.toggle("over", kind === "dragover");
      if (kind !== "drop") return;
      const input = box.querySelector("input[type=file]");
      input.files = event.dataTransfer.files;
      queue(refresh);
    });
  }
})();
