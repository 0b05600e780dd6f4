/** Not in TypeScript's DOM yet (https://www.w3.org/TR/trusted-types/). */
type TrustedTypes = {
  createPolicy(name: string, rules: { createHTML(html: string): string | null }): unknown;
};

/**
 * The content security policy refuses every text that would become HTML. react-aria empties the region in which it tells
 * screen readers something, after a date was typed, by an empty text: that one passes.
 */
export function allowNothingButEmptyHtml(): void {
  const { trustedTypes } = globalThis as { trustedTypes?: TrustedTypes };
  trustedTypes?.createPolicy('default', { createHTML: (html) => (html === '' ? '' : null) });
}
