/**
 * Whether a text is an id, or a reference to another service's entity: the rule `reference`
 * (proto/rules/rules.proto).
 */
export const isReference = (text: string): boolean => /^[A-Za-z0-9_-]{1,64}$/.test(text);
