/**
 * antd gives the nonce of the page to its style sheets, but libraries below it (the scroll lock of dialogs, the measure of a
 * scroll bar) make style elements without one, which the content security policy refuses.
 */
export function giveStylesNonce(nonce: string): void {
  const create = document.createElement.bind(document);
  document.createElement = (name: string, options?: ElementCreationOptions) => {
    const element = create(name, options);
    if (element instanceof HTMLStyleElement) element.nonce = nonce;
    return element;
  };
}
