// Spares the day sheet a page a press. Without this file each press is a form that leads back to its line.
(() => {
  "use strict";
  bindPrint();

  function bindPrint() {
    const print = document.querySelector("[data-print]");
    if (!print) return;
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
      // Signed out, or not this page: let the browser show what there is to say. The server knows a second press.
      if (!answer.ok || !page.getElementById("sum")) page = null;
    } catch {
      page = null;
    }
    if (!page) send(form, button);
    else if (page.querySelector(".messagelist")) showAll(page);
    else swap(page, line, button);
  });

  // It was refused, or there is something else to say: messages are shown once, so this answer is the one to show.
  function showAll(page) {
    const main = document.getElementById("content-start");
    main.replaceWith(document.adoptNode(page.getElementById("content-start")));
    for (const place of ["#rail", ".banners"]) {
      const old = document.querySelector(place), now = page.querySelector(place);
      if (old && now) old.replaceWith(document.adoptNode(now));
    }
    bindPrint();
    const said = [...document.querySelectorAll(".messagelist")].at(-1);
    said.tabIndex = -1;
    said.focus();
  }

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
