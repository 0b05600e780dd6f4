import { formatDate as formatDateBroken, NBSP } from '@crm/domain';

/** `15 juin 2026`, with a non-breaking space between day and month. */
export const formatDate = (date: string): string => formatDateBroken(date).replace(' ', NBSP);

/** Puts non-breaking spaces before double punctuation, as French requires, so that no line begins with it. */
export const unbroken = (text: string): string => text.replace(/ (?=[:;?!»])/g, NBSP);
