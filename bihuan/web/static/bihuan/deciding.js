// The page of an approver by keyboard: J K next and previous claim, 1-4 the two answers; the same as its links and boxes.
// Off while typing, and where the keys are switched off on the help page.
(function () {
  "use strict";
  var ANSWERS = { "1": ["sufficient", "yes"], "2": ["sufficient", "no"], "3": ["appropriate", "yes"], "4": ["appropriate", "no"] };
  function off() { try { return localStorage.getItem("bihuan-keys") === "off"; } catch (error) { return true; } }

  document.addEventListener("keydown", function (event) {
    var typing = event.target.closest("input:not([type=radio]), select, textarea, [contenteditable]");
    if (typing || event.ctrlKey || event.altKey || event.metaKey || event.isComposing || off()) { return; }
    var form = document.querySelector("form[data-decide]");
    var answer = ANSWERS[event.key];
    var box = answer && form && form.querySelector('input[name="' + answer[0] + '"][value="' + answer[1] + '"]');
    if (box) {
      event.preventDefault();
      box.checked = true;
      box.focus();
      return;
    }
    var rel = { j: "next", k: "prev" }[event.key.toLowerCase()];
    var link = rel && document.querySelector('.head a[rel="' + rel + '"]');
    if (rel) { event.stopImmediatePropagation(); }
    if (link) { event.preventDefault(); window.location.assign(link.href); }
  }, true);
}());
