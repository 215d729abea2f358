// Sends chosen files, a folder of thousands too, in pieces: announced 500 at a time, three at once, resumed where the
// server says that it stopped. Without it the form sends its files itself.
// [data-upload] holds the address, the purpose and every sentence; [data-part] is the part of the page drawn anew.
(function () {
  "use strict";
  var AT_ONCE = 3, TOGETHER = 500, EDGE = 65536, WAIT = 3000;

  document.querySelectorAll("[data-upload]").forEach(function (box) {
    var form = box.closest("form"), state = null;
    box.querySelectorAll("[data-scripted]").forEach(function (part) { part.hidden = false; });
    box.querySelectorAll("input[type=file]").forEach(function (input) {
      input.addEventListener("change", function () {
        var files = Array.prototype.slice.call(input.files).filter(function (file) { return file.size > 0; });
        input.value = "";
        if (files.length) { begin(files); }
      });
    });
    box.querySelector("[data-switch]").addEventListener("click", function () {
      if (!state) { return; }
      state.paused = !state.paused;
      show();
      if (!state.paused) { run(); }
    });

    function begin(files) {
      if (!state) {
        state = { all: 0, done: 0, skipped: 0, bytes: 0, sent: 0, queue: [], fresh: [], busy: 0, paused: false, note: "" };
      }
      state.all += files.length;
      state.bytes += files.reduce(function (sum, file) { return sum + file.size; }, 0);
      state.fresh = state.fresh.concat(files);
      box.querySelector("[data-progress]").hidden = false;
      show();
      run();
    }

    // One worker takes a file to its end; when none is left to send, the next 500 are announced.
    async function run() {
      while (state && !state.paused && state.busy < AT_ONCE && (state.queue.length || state.fresh.length)) {
        state.busy += 1;
        step().finally(function () {
          if (!state) { return; }
          state.busy -= 1;
          show();
          if (state.queue.length || state.fresh.length) { run(); } else if (!state.busy && !state.paused) { finish(); }
        });
        if (!state.queue.length) { break; }
      }
    }

    async function step() {
      if (!state.queue.length) {
        var batch = state.fresh.splice(0, TOGETHER);
        try { await announce(batch); } catch (error) { state.fresh = batch.concat(state.fresh); await pauseFor(error); }
        return;
      }
      var one = state.queue.shift();
      try { await send(one); } catch (error) { state.queue.unshift(one); await pauseFor(error); }
    }

    async function announce(files) {
      var told = [];
      for (var file of files) { told.push({ name: file.name, size: file.size, folder: folderOf(file), mark: await markOf(file) }); }
      var answer = await ask("POST", "", JSON.stringify({ purpose: box.dataset.purpose, files: told }), "application/json");
      var found = await answer.json();
      if (!answer.ok) { throw new Error(found.message); }
      found.rows.forEach(function (row, number) {
        var file = files[number];
        if (row.refused) { refuse(file, row.refused.message); }
        else if (row.done) { state.done += 1; state.skipped += 1; state.sent += file.size; }
        else { state.sent += row.offset; state.queue.push({ file: file, id: row.id, offset: row.offset, chunk: found.chunk }); }
      });
    }

    async function send(one) {
      while (!state.paused) {
        var piece = one.file.slice(one.offset, one.offset + one.chunk);
        var answer = await ask("PATCH", "/" + one.id, piece, "application/offset+octet-stream", { "Upload-Offset": String(one.offset) });
        var found = await answer.json();
        if (answer.status === 409) {
          if (found.code === "files.upload-busy") { await sleep(WAIT); }
          state.sent += found.params.offset - one.offset;
          one.offset = found.params.offset;
        } else if (!answer.ok) {
          if (answer.status >= 500) { throw new Error(found.message); }
          state.sent -= one.offset;
          refuse(one.file, found.message);
          return;
        } else {
          state.sent += found.offset - one.offset;
          one.offset = found.offset;
          state.note = "";
          if (found.done) { state.done += 1; return; }
        }
        show();
      }
      state.queue.unshift(one);
    }

    async function ask(method, tail, body, type, more) {
      var token = form.querySelector("[name=csrfmiddlewaretoken]").value;
      var headers = Object.assign({ "X-CSRFToken": token, "Content-Type": type }, more || {});
      var answer = await fetch(box.dataset.upload + tail, { method: method, body: body, headers: headers, credentials: "same-origin" });
      if (answer.status === 401) { state.paused = true; state.note = box.dataset.signedOut; throw new Error("signed out"); }
      return answer;
    }

    async function pauseFor() {
      if (state.paused) { return; }
      state.note = box.dataset.cut;
      show();
      await sleep(WAIT);
    }

    function refuse(file, message) {
      state.all -= 1;
      state.bytes -= file.size;
      var line = document.createElement("li");
      line.textContent = file.name + " " + message;
      box.querySelector("[data-refused]").appendChild(line);
    }

    async function finish() {
      state.note = box.dataset.finished;
      show();
      state = null;
      var answer = await fetch(window.location.href, { credentials: "same-origin" });
      var fresh = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById(box.dataset.part);
      if (fresh) { document.getElementById(box.dataset.part).replaceWith(fresh); }
    }

    function show() {
      if (!state) { return; }
      var bar = box.querySelector("progress"), said = box.dataset.said.replace("{done}", state.done).replace("{all}", state.all);
      bar.value = state.bytes ? Math.min(100, 100 * state.sent / state.bytes) : 100;
      if (state.skipped) { said += box.dataset.join + box.dataset.skipped.replace("{skipped}", state.skipped); }
      var note = state.note || (state.paused ? box.dataset.stopped : "");
      box.querySelector("[data-sentence]").textContent = said + box.dataset.end + note;
      box.querySelector("[data-switch]").textContent = state.paused ? box.dataset.resume : box.dataset.pause;
    }
  });

  function folderOf(file) {
    var path = file.webkitRelativePath || "";
    return path.slice(0, Math.max(0, path.lastIndexOf("/")));
  }

  // What tells a content from another of the same name and size: its time of change and the hash (FNV-1a) of its ends.
  async function markOf(file) {
    var ends = new Blob([file.slice(0, EDGE), file.slice(Math.max(EDGE, file.size - EDGE))]);
    var bytes = new Uint8Array(await ends.arrayBuffer()), hash = 0x811c9dc5;
    for (var at = 0; at < bytes.length; at += 1) { hash = Math.imul(hash ^ bytes[at], 0x01000193) >>> 0; }
    return file.lastModified + "-" + hash.toString(16);
  }

  function sleep(time) { return new Promise(function (done) { window.setTimeout(done, time); }); }
}());
