// What the pages do beyond links and forms; every page also works without it.
// 1 print: [data-print] opens every closed part, then prints.
// 2 leave: a form with [data-keep] asks before its changes are lost.
// 3 pick: [data-pick-all] ticks every box of the same table; [data-count] says how many are ticked.
// 4 once: a form is sent once, however often its button is pressed.
// 5 keys: J K next and previous row, / search, ? the list of keys; never while typing, off by [data-keys] on the help.
// 6 focus: where a part of the page was replaced, the keyboard stays in it.
(function () {
  "use strict";
  var dirty = false;

  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-print]");
    if (!button) { return; }
    event.preventDefault();
    document.querySelectorAll("main details:not(.pop):not(.help)").forEach(function (part) { part.open = true; });
    window.print();
  });

  document.addEventListener("input", function (event) {
    if (event.target.closest("form[data-keep]")) { dirty = true; }
  });

  document.addEventListener("change", function (event) {
    var all = event.target.closest("[data-pick-all]");
    var form = event.target.closest("form");
    if (all && form) {
      form.querySelectorAll("td.pick input[type=checkbox]").forEach(function (box) { box.checked = all.checked; });
    }
    if (form) {
      var ticked = form.querySelectorAll("td.pick input[type=checkbox]:checked").length;
      form.querySelectorAll("[data-count]").forEach(function (place) { place.textContent = String(ticked); });
    }
    if (event.target.matches("[data-go]") && form) { form.requestSubmit ? form.requestSubmit() : form.submit(); }
  });

  document.addEventListener("submit", function (event) {
    var form = event.target;
    dirty = false;
    if (event.defaultPrevented || (form.getAttribute("method") || "").toLowerCase() !== "post") { return; }
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "1";
    window.setTimeout(function () { delete form.dataset.sent; }, 8000);
  });

  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-sent]").forEach(function (form) { delete form.dataset.sent; });
  });

  window.addEventListener("beforeunload", function (event) {
    if (dirty) { event.preventDefault(); event.returnValue = ""; }
  });

  var KEYS = "bihuan-keys";
  function keysOff() { try { return localStorage.getItem(KEYS) === "off"; } catch (error) { return true; } }
  function sayKeys() {
    document.querySelectorAll("[data-keys]").forEach(function (button) {
      button.hidden = false;
      button.textContent = keysOff() ? button.dataset.keysOn : button.dataset.keysOff;
    });
  }
  document.addEventListener("click", function (event) {
    if (!event.target.closest("[data-keys]")) { return; }
    try { localStorage.setItem(KEYS, keysOff() ? "on" : "off"); } catch (error) { return; }
    sayKeys();
  });
  sayKeys();

  document.addEventListener("keydown", function (event) {
    var typing = event.target.closest("input, select, textarea, [contenteditable]");
    if (typing || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || keysOff()) { return; }
    var rows = Array.prototype.slice.call(document.querySelectorAll("main .ttl a, main .rows a.t, main .tree .t a"));
    var at = rows.indexOf(document.activeElement);
    var goal = null;
    if (event.key === "j" || event.key === "J") { goal = rows[Math.min(at + 1, rows.length - 1)]; }
    if (event.key === "k" || event.key === "K") { goal = rows[Math.max(at - 1, 0)]; }
    if (event.key === "/") { goal = document.getElementById("q"); }
    if (event.key === "?") { window.location.assign("/help/#keys"); return; }
    if (goal) { event.preventDefault(); goal.focus(); }
  });

  // What was pressed may be gone from the new part: then the part itself, or the summary that opens it, has the focus.
  document.addEventListener("htmx:afterSettle", function (event) {
    var target = event.detail.target;
    var part = target && target.id ? document.getElementById(target.id) : null;
    if (!part || (document.activeElement && document.activeElement !== document.body)) { return; }
    (part.querySelector(":scope > summary") || part).focus({ preventScroll: true });
  });

  // A refusal answers an htmx request with 4xx and names its place: let it be shown.
  document.addEventListener("htmx:beforeSwap", function (event) {
    var status = event.detail.xhr.status;
    if (status >= 400 && status < 500 && event.detail.xhr.getResponseHeader("HX-Retarget")) {
      event.detail.shouldSwap = true;
      event.detail.isError = false;
    }
  });
}());
