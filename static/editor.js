// The preview beside the editor's form follows what is typed. Without this file the button "Show preview" does the same.
// And nobody leaves with words that are not saved without being asked.
(() => {
  "use strict";
  const PAUSE = 600; // milliseconds without a key, before the page is asked for
  const form = document.getElementById("page-form");
  const button = document.getElementById("show-preview");
  const frame = document.querySelector('iframe[name="preview"]');
  const hint = document.getElementById("preview-hint");
  if (!form || !button || !frame) return;

  let timer = 0;
  let asked = null;

  async function refresh() {
    asked?.abort();
    asked = new AbortController();
    const { signal } = asked;
    try {
      const answer = await fetch(button.formAction, {
        method: "POST",
        body: new URLSearchParams(new FormData(form)),
        signal,
      });
      // Led elsewhere: to the sign-in, because the session has ended.
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      show(new DOMParser().parseFromString(await answer.text(), "text/html"));
    } catch (error) {
      if (error.name !== "AbortError" && hint) hint.textContent = "could not be refreshed. If you were signed out, press “Save draft”: what you typed is kept until you sign in.";
    }
  }

  // Only the body is exchanged: the frame keeps its policy, its style sheets and the place that somebody has scrolled to.
  function show(fresh) {
    const page = frame.contentDocument;
    if (!page?.body) return;
    const { scrollX, scrollY } = frame.contentWindow;
    page.title = fresh.title;
    page.body.replaceWith(page.adoptNode(fresh.body));
    frame.contentWindow.scrollTo(scrollX, scrollY);
    if (hint) hint.textContent = "of what you have typed.";
  }

  let typed = false; // and not saved

  form.addEventListener("input", () => {
    typed = true;
    clearTimeout(timer);
    timer = setTimeout(refresh, PAUSE);
  });
  // What is chosen goes where the cursor is; without this file the server puts it at the end.
  const chosen = document.getElementById("id_chosen");
  const body = document.getElementById("id_body");
  document.getElementById("insert")?.addEventListener("click", (event) => {
    if (!chosen?.value || !body) return;
    event.preventDefault();
    const alone = chosen.value.startsWith("{{"); // a picture has a line of its own
    body.setRangeText(alone ? `\n\n${chosen.value}\n\n` : chosen.value, body.selectionStart, body.selectionEnd, "end");
    body.focus();
    body.dispatchEvent(new Event("input", { bubbles: true }));
  });
  form.addEventListener("submit", (event) => {
    if (event.submitter !== button) typed = false;
  });
  window.addEventListener("beforeunload", (event) => {
    if (typed) event.preventDefault(); // the browser asks whether to leave
  });
})();
