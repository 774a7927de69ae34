/**
 * Texts that would do something in a page that takes them for more than text: each script sets `window.harmed`, each address
 * leads to evil.example. No message, name or label with them may run, load or change anything (HarmWatch).
 */
export const HOSTILE_TEXTS: readonly string[] = [
  // Elements, as content and out of an attribute or a title.
  '<img src=x onerror="window.harmed=1">',
  '<script>window.harmed=1</script>',
  '"><svg onload=window.harmed=1>',
  '</title><style>*{display:none}</style>',
  '<iframe srcdoc="<script>parent.harmed=1</script>">',
  '<details open ontoggle=window.harmed=1>',
  '<svg><animate onbegin=window.harmed=1 attributeName=x dur=1s>',
  // A sanitiser and a browser disagree about its nesting (mutation XSS).
  '<math><mtext><table><mglyph><style><img src=x onerror=window.harmed=1>',
  // Loads something, or leads everything elsewhere.
  '<link rel=stylesheet href=//evil.example/x.css>',
  '<base href="https://evil.example/">',
  '<meta http-equiv=refresh content="0;url=https://evil.example/">',
  // Addresses.
  "javascript:window.harmed='1'",
  '<a href="jav&#x09;ascript:window.harmed=1">press</a>',
  'data:text/html,<script>window.harmed=1</script>',
  // Encoded once, for whoever decodes once too often.
  '&lt;img src=x onerror=window.harmed=1&gt;',
  // Templates, strings of scripts, spreadsheets.
  '{{constructor.constructor("window.harmed=1")()}}',
  "';window.harmed=1;//",
  '=HYPERLINK("https://evil.example","click")',
  // A key that changes every object, where objects are used as tables.
  '__proto__',
];

const IN_ONE = 5;
/** The same, some in each text: fewer messages say as much. */
export const HOSTILE_BATCHES: readonly string[] = Array.from(
  { length: Math.ceil(HOSTILE_TEXTS.length / IN_ONE) },
  (_, at) => HOSTILE_TEXTS.slice(at * IN_ONE, (at + 1) * IN_ONE).join('\n'),
);
