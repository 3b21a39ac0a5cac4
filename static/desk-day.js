// Spares the day sheet a page a press. Without this file each press is a form that leads back to its line.
(() => {
  "use strict";
  const print = document.querySelector("[data-print]");
  if (print) {
    print.hidden = false;
    print.addEventListener("click", () => window.print());
  }

  // What a press changes, besides the line itself.
  const COUNTS = ["#sum", "#unmarked", "#rail", ".banners"];

  document.addEventListener("submit", async (event) => {
    const form = event.target, button = event.submitter;
    const line = form.closest("[id^=v]");
    if (!form.matches(".quick") || !button || !line) return;
    event.preventDefault();
    if (form.ariaBusy) return;
    form.ariaBusy = "true";
    const press = new URLSearchParams(new FormData(form, button));
    let page;
    try {
      const answer = await fetch(form.action, { method: "POST", body: press });
      page = new DOMParser().parseFromString(await answer.text(), "text/html");
      // Refused, signed out, or not this page: let the browser show what there is to say.
      if (!answer.ok || !page.getElementById("sum") || page.querySelector(".messagelist")) page = null;
    } catch {
      page = null;
    }
    if (page) swap(page, line, button);
    else send(form, button);
  });

  function swap(page, line, button) {
    const fresh = page.getElementById(line.id), said = document.getElementById("said");
    for (const place of COUNTS) {
      const old = document.querySelector(place), now = page.querySelector(place);
      if (old && now) old.replaceWith(document.adoptNode(now));
    }
    if (fresh && document.contains(line)) line.replaceWith(document.adoptNode(fresh));
    const here = document.getElementById(line.id);
    (here?.querySelector("button") ?? here ?? document.querySelector("h1")).focus();
    said.textContent = here?.querySelector(".chip")?.textContent ?? button.textContent;
  }

  function send(form, button) {
    const plain = document.createElement("input");
    plain.type = "hidden";
    plain.name = button.name;
    plain.value = button.value;
    form.append(plain);
    form.submit();
  }
})();
