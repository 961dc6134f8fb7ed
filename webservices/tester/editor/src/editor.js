/*
 * The editor of the Web Services Test page, as one global: `window.CounterpartEditor`.
 *
 *   edit(textarea)                    an editor in the textarea's place, which keeps its value and its form
 *   show(element, text, media)       text to read: folded, searched, copied, not changed
 *   compare(element, before, after)  the differences between two texts, side by side or one below the other
 *
 * Colours are classes (`cpe-tag`, `cpe-comment` …): the stylesheet of the page gives them, in light and in dark. The nonce
 * of this script is that of the style sheet which the editor makes for itself, where the page has a policy for those.
 */

import { closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentMore } from "@codemirror/commands";
import { json } from "@codemirror/lang-json";
import { xml } from "@codemirror/lang-xml";
import {
  HighlightStyle, bracketMatching, codeFolding, foldGutter, foldKeymap, indentOnInput, syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics } from "@codemirror/lint";
import { MergeView, unifiedMergeView } from "@codemirror/merge";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState, RangeSetBuilder } from "@codemirror/state";
import {
  Decoration, EditorView, ViewPlugin, drawSelection, highlightActiveLine, highlightActiveLineGutter, keymap,
  lineNumbers, placeholder,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";

const COLOURS = HighlightStyle.define([
  { tag: [tags.tagName, tags.angleBracket], class: "cpe-tag" },
  { tag: [tags.attributeName, tags.propertyName], class: "cpe-name" },
  { tag: [tags.attributeValue, tags.string], class: "cpe-text" },
  { tag: [tags.number, tags.bool, tags.null], class: "cpe-number" },
  { tag: [tags.comment, tags.processingInstruction, tags.documentMeta], class: "cpe-comment" },
  { tag: tags.invalid, class: "cpe-invalid" },
]);
const NONCE = (document.currentScript && document.currentScript.nonce) || "";
const MODES = { xml: () => [xml(), syntaxHighlighting(COLOURS)], json: () => [json(), jsonColours] };
const WIDE = window.matchMedia("(min-width: 70rem)");

/*
 * JSON has no comments, this page's JSON has: lines that begin with `//`. A parser of JSON loses its way there, so each
 * line is coloured by itself.
 */
const JSON_TOKENS = /^\s*(\/\/.*)|("(?:[^"\\]|\\.)*")(?=\s*:)|("(?:[^"\\]|\\.)*"?)|(-?\b\d[\d.eE+-]*|\b(?:true|false|null)\b)/g;
const JSON_MARKS = ["cpe-remark", "cpe-name", "cpe-text", "cpe-number"].map((name) => Decoration.mark({ class: name }));

const jsonColours = ViewPlugin.fromClass(class {
  constructor(view) { this.decorations = colouredJson(view); }
  update(update) { if (update.docChanged || update.viewportChanged) this.decorations = colouredJson(update.view); }
}, { decorations: (plugin) => plugin.decorations });

function colouredJson(view) {
  const found = new RangeSetBuilder();
  let last = -1;
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to;) {
      const line = view.state.doc.lineAt(at);
      at = line.to + 1;
      if (line.from <= last) continue;
      last = line.from;
      for (const token of line.text.matchAll(JSON_TOKENS)) {
        const kind = [1, 2, 3, 4].find((group) => token[group] !== undefined);
        const begin = line.from + token.index + token[0].indexOf(token[kind]);
        found.add(begin, begin + token[kind].length, JSON_MARKS[kind - 1]);
      }
    }
  }
  return found.finish();
}

/* No line breaks behind its indentation: what is long begins there, not one line further down. */
const INDENTATION = Decoration.mark({ class: "cpe-indentation" });

const indentation = ViewPlugin.fromClass(class {
  constructor(view) { this.decorations = indented(view); }
  update(update) { if (update.docChanged || update.viewportChanged) this.decorations = indented(update.view); }
}, { decorations: (plugin) => plugin.decorations });

function indented(view) {
  const found = new RangeSetBuilder();
  for (const { from, to } of view.visibleRanges) {
    for (let at = from; at <= to;) {
      const line = view.state.doc.lineAt(at);
      const end = line.from + line.text.search(/\S|$/);
      if (end > line.from && line.from >= from) found.add(line.from, end, INDENTATION);
      at = line.to + 1;
    }
  }
  return found.finish();
}

function reading(media) {
  return [
    lineNumbers(), codeFolding(), foldGutter(), drawSelection(), bracketMatching(), search({ top: true }),
    highlightSelectionMatches(), indentation, (MODES[media] || (() => []))(),
    keymap.of([...defaultKeymap, ...searchKeymap, ...foldKeymap]), EditorView.cspNonce.of(NONCE),
  ];
}

/**
 * An editor that stands for a textarea: whatever is typed is in the textarea at once.
 *
 * `data-media` of the textarea is `xml` or `json`. Tab indents; Escape and then Tab leaves the editor, so that nobody is
 * caught in it.
 */
export function edit(textarea, { onSend = () => {}, onChange = () => {} } = {}) {
  const mode = new Compartment();
  const view = new EditorView({
    state: EditorState.create({
      doc: textarea.value,
      extensions: [
        keymap.of([
          { key: "Tab", run: indent },
          { key: "Mod-Enter", run: () => { onSend(); return true; } },
          ...closeBracketsKeymap, ...historyKeymap, ...lintKeymap,
        ]),
        mode.of(reading(textarea.dataset.media)), history(), closeBrackets(), indentOnInput(), lintGutter(),
        highlightActiveLine(), highlightActiveLineGutter(), placeholder(textarea.placeholder),
        EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": textarea.getAttribute("aria-label") || "Input", tabindex: "0" }),
        EditorView.updateListener.of((update) => {
          if (!update.docChanged) return;
          textarea.value = update.state.doc.toString();
          onChange(textarea.value);
        }),
      ],
    }),
  });
  textarea.hidden = true;
  textarea.after(view.dom);
  return {
    view,
    media: (name) => view.dispatch({ effects: mode.reconfigure(reading(name)) }),
    set: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
    mark: (problems) => view.dispatch(setDiagnostics(view.state, problems.map((each) => placed(view.state, each)))),
    go: (line) => go(view, line),
    focus: () => view.focus(),
  };
}

function indent({ state, dispatch }) {
  if (state.selection.ranges.some((range) => !range.empty)) return indentMore({ state, dispatch });
  dispatch(state.update(state.replaceSelection("  "), { scrollIntoView: true, userEvent: "input" }));
  return true;
}

/* A problem `{line, message, severity}` of the server's, as the editor has it: the whole line, without its indentation. */
function placed(state, { line, message, severity = "error" }) {
  const at = state.doc.line(Math.min(Math.max(line, 1), state.doc.lines));
  return { from: at.from + Math.max(at.text.search(/\S/), 0), to: at.to, severity, message };
}

function go(view, line) {
  const at = view.state.doc.line(Math.min(Math.max(line, 1), view.state.doc.lines));
  view.dispatch({ selection: { anchor: at.from, head: at.to }, effects: EditorView.scrollIntoView(at.from, { y: "center" }) });
  view.focus();
}

/** A text that is only read. */
export function show(element, text, media, label = "Answer") {
  const view = new EditorView({
    parent: element,
    state: EditorState.create({
      doc: text,
      extensions: [
        reading(media), EditorState.readOnly.of(true), EditorView.lineWrapping,
        EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
      ],
    }),
  });
  return { view, go: (line) => go(view, line) };
}

/** What differs between two texts; what is the same is folded. */
export function compare(element, before, after, media) {
  const fixed = (label) => [
    reading(media), EditorState.readOnly.of(true), EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
  ];
  const folded = { margin: 2, minSize: 6 };
  if (WIDE.matches) {
    return new MergeView({
      parent: element, a: { doc: before, extensions: fixed("Then") }, b: { doc: after, extensions: fixed("Now") },
      collapseUnchanged: folded, gutter: true,
    });
  }
  return new EditorView({
    parent: element,
    state: EditorState.create({
      doc: after,
      extensions: [fixed("Then and now"), unifiedMergeView({ original: before, mergeControls: false, collapseUnchanged: folded })],
    }),
  });
}
