// Keeps the draft of a plan while somebody writes it. Without this file the button "Keep as a draft" does the same.
(() => {
  "use strict";
  const PAUSE = 3000; // milliseconds without a key, before it is kept
  const LONGEST = 20000; // and never longer than this while somebody goes on typing
  const AGAIN = 10000; // after a failure of the line
  const form = document.getElementById("plan-form");
  const said = document.getElementById("kept");
  if (!form || !said) return;

  let unkept = false; // something was typed since it was last kept
  let since = 0; // when the first of it was
  let stuck = false; // it could not be kept: somebody who leaves is asked
  let ended = false; // nothing more is kept behind this page
  let timer = 0;
  let busy = null;
  const version = form.elements.version;
  // The same for as long as this tab lives: its own draft is in nobody's way after a reload, another tab's is.
  const tab = sessionStorage.getItem("plan-tab") ?? Math.random().toString(36).slice(2, 12).padEnd(4, "0");
  sessionStorage.setItem("plan-tab", tab);
  form.elements.tab.value = tab;
  const LEFT = `plan-left ${location.pathname}`; // the version of a page that was left while its last words were being kept

  function say(words, wrong) {
    if (said.textContent !== words) said.textContent = words;
    said.classList.toggle("wrong", wrong);
    stuck = wrong;
  }

  function later(pause) {
    clearTimeout(timer);
    if (!ended) timer = setTimeout(keep, pause);
  }

  function keep() {
    clearTimeout(timer);
    if (!unkept || ended || busy) return busy ?? Promise.resolve();
    busy = send().finally(() => {
      busy = null;
      if (unkept) later(stuck ? AGAIN : PAUSE);
    });
    return busy;
  }

  // Before the page goes: the next one has to know that what it shows may be older than these words.
  function leave() {
    if (!ended && (unkept || busy)) sessionStorage.setItem(LEFT, version.value);
    keep();
  }

  // This page was read while the last words of the one before it were on their way. Nobody waits for them: they join what
  // is typed here meanwhile, and nothing is kept before they are here.
  async function catchUp() {
    say("What you typed last is on its way. Go on typing.", false);
    const body = new URLSearchParams({ do: "at", csrfmiddlewaretoken: form.elements.csrfmiddlewaretoken.value });
    for (const pause of [100, 200, 400, 800, 1500]) {
      await new Promise((resume) => setTimeout(resume, pause));
      const answer = await fetch(form.action, { method: "POST", body }).catch(() => null);
      const told = answer?.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
      if (!told || String(told.version) === version.value) continue;
      if (!unkept) return location.reload(); // nobody has typed since
      if (await join()) return;
    }
    say("Look whether what you typed last is here. It may not have been kept.", true);
    stuck = false;
  }

  // The page as it is by now: each field takes what stands there, and what was typed into it since it came.
  async function join() {
    const answer = await fetch(location.href).catch(() => null);
    const page = answer?.ok ? new DOMParser().parseFromString(await answer.text(), "text/html") : null;
    const fresh = page?.getElementById("plan-form");
    if (fresh?.elements.lines?.value !== form.elements.lines.value) return false; // signed out, or other treatments
    const there = [...fresh.elements];
    const mine = [...form.elements].filter((one) => one.matches("input, select, textarea"));
    const touched = mine.filter((one) => one.checked !== one.defaultChecked);
    for (const one of mine) {
      const ticks = ["checkbox", "radio"].includes(one.type);
      const other = there.find((it) => it.name === one.name && (!ticks || it.value === one.value));
      if (!other || ["tab", "csrfmiddlewaretoken"].includes(one.name)) continue;
      if (ticks) {
        // Of a choice between several, one press changes two.
        const stays = one.type === "radio" ? touched.some((it) => it.name === one.name) : touched.includes(one);
        if (!stays) one.checked = other.checked;
      } else one.value = one.type === "hidden" ? other.value : joined(one, other.value);
    }
    for (const one of document.querySelectorAll('input[name="version"]')) one.value = fresh.elements.version.value;
    typed(); // the sum and the rules come with the keep
    say("What you typed last is here.", false);
    return true;
  }

  // What stands in a field, with what was typed here since the page came. Text goes on where it ended; a number or a line is
  // typed whole.
  function joined(field, theirs) {
    const mine = field.value;
    const was = field.defaultValue ?? ([...field.options].find((one) => one.defaultSelected) ?? field.options[0])?.value;
    if (mine === was || mine === theirs) return theirs;
    if (theirs === was || !field.matches("textarea")) return mine;
    if (mine.startsWith(was)) return theirs + mine.slice(was.length);
    return theirs.startsWith(was) ? mine + theirs.slice(was.length) : mine;
  }

  async function send() {
    const body = new URLSearchParams(new FormData(form));
    body.set("do", "behind");
    unkept = false;
    since = 0;
    let answer, told;
    try {
      answer = await fetch(form.action, { method: "POST", body, keepalive: true });
      told = answer.headers.get("Content-Type")?.includes("json") ? await answer.json() : null;
    } catch {
      unkept = true;
      say("No connection. What you typed is still here and is kept as soon as there is one.", true);
      return;
    }
    if (!told) {
      unkept = ended = true;
      say("You were signed out. Press “Keep as a draft”: what you typed is kept until you have signed in.", true);
      return;
    }
    if (told.version) {
      for (const one of document.querySelectorAll('input[name="version"]')) one.value = told.version;
    }
    form.querySelector('[name="do"][value="send"]')?.classList.toggle("primary", Boolean(told.ready));
    if (told.sums) {
      still(told);
      figures(told);
    }
    ended = !told.again;
    say(told.said, !answer.ok);
    if (!answer.ok && !ended) stuck = true;
  }

  // What it comes to, what the rules say and what is left, as the server worked it out of what was kept.
  function figures({ sums, total, rules }) {
    const put = (place, words) => {
      if (!place) return;
      place.hidden = !words;
      place.querySelector("b").textContent = words;
    };
    put(document.getElementById("together"), total);
    [...form.querySelectorAll(".plan-line > .comes-to")].forEach((place, at) => put(place, sums[at] ?? ""));
    const place = document.getElementById("new-rules");
    if (!place) return;
    const there = [...form.querySelectorAll(".callout.warn:not(#new-rules)")].map((one) => one.textContent).join(" ");
    const fresh = rules.filter((words) => !there.includes(words));
    const list = place.querySelector("ul");
    if (list.textContent !== fresh.join("")) {
      list.replaceChildren(...fresh.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
    }
    place.hidden = !fresh.length;
  }

  // What was said when the page came goes once it is true no more. A rule with its tick stays: the tick can be taken off.
  function still({ stands, unanswered, left }) {
    for (const one of form.querySelectorAll("[data-rule]")) {
      const words = (one.querySelector("p") ?? one).textContent;
      one.hidden = !stands.includes(words) && !one.querySelector("input:checked");
    }
    const questions = document.getElementById("unanswered");
    questions.hidden = !unanswered;
    questions.querySelector("a").textContent = unanswered;
    const wrong = document.getElementById("left");
    if (!wrong) return;
    const items = [...wrong.querySelectorAll("li")];
    for (const one of items) one.hidden = !left.some(([, words]) => words === one.textContent);
    wrong.hidden = items.every((one) => one.hidden);
  }

  function typed() {
    unkept = true;
    since ||= Date.now();
    later(Math.max(0, Math.min(PAUSE, since + LONGEST - Date.now())));
  }

  // A phrase goes into its field at once; without this file its button brings the page back with it.
  form.addEventListener("click", (event) => {
    const button = event.target.closest("button[data-into]");
    if (!button) return;
    const { into, name, words } = button.dataset;
    let field = document.getElementById(`id_${into}`);
    if (into === "against") {
      const free = [...form.querySelectorAll('[name^="against_"]:not([name^="against_why"])')].find(
        (one) => !one.value && !document.getElementById(one.id.replace("against_", "against_why_")).value,
      );
      if (!free) return;
      free.value = name;
      field = document.getElementById(free.id.replace("against_", "against_why_"));
    }
    if (!field) return;
    event.preventDefault();
    if (!field.value.includes(words)) field.value = `${field.value.trimEnd()} ${words}`.trim();
    field.focus();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });

  // The next step begins with the words of the decision, until somebody has typed others.
  const steps = JSON.parse(form.dataset.nextSteps);
  form.addEventListener("change", ({ target }) => {
    const field = form.elements.next_step;
    if (target.name === "outcome" && Object.values(steps).includes(field.value)) field.value = steps[target.value];
  });

  // On the whole page: the answers to what they wanted to ask belong to the form, and stand beside it.
  for (const kind of ["input", "change"]) {
    document.addEventListener(kind, ({ target }) => target.form === form && typed());
  }
  if (form.dataset.keep === "now") {
    typed(); // drawn again with what was typed: a treatment was added
    keep();
  }
  if (form.dataset.keep === "no") {
    ended = true;
    say("What you type here is not kept until you press “Keep as a draft”.", true);
  }
  history.replaceState(null, "", location.href); // reloading asks for the draft, and sends no old words again
  const left = sessionStorage.getItem(LEFT);
  sessionStorage.removeItem(LEFT);
  if (left === version.value && form.dataset.keep === "later") {
    busy = catchUp().finally(() => {
      busy = null;
      if (unkept) later(PAUSE);
    });
  }

  // A press waits for what is just being kept: it carries the version that comes of it.
  form.addEventListener("submit", (event) => {
    clearTimeout(timer);
    if (busy) {
      const { submitter } = event;
      event.preventDefault();
      busy.finally(() => form.requestSubmit(submitter));
      return;
    }
    unkept = stuck = false;
    ended = true;
  });
  document.addEventListener("visibilitychange", () => {
    if (document.visibilityState === "hidden") keep();
  });
  window.addEventListener("pagehide", leave);
  window.addEventListener("beforeunload", (event) => {
    leave(); // before the next page is asked for, and not only when it is there
    if (stuck || (unkept && busy)) event.preventDefault(); // the browser asks whether to leave
  });
  // Back from the browser's memory, after a press: its version is old, so the page is asked for again.
  window.addEventListener("pageshow", (event) => {
    if (event.persisted) window.location.reload();
  });
})();
