import { defineSearchAttributeKey, SearchAttributeType, type SearchAttributePair } from '@temporalio/common';

/** Search attributes: ids only, no personal data. Names and types as they are registered with the server. */
export const EventType = defineSearchAttributeKey('EventType', SearchAttributeType.KEYWORD);
export const CorrelationId = defineSearchAttributeKey('CorrelationId', SearchAttributeType.KEYWORD);
export const OrganisationId = defineSearchAttributeKey('OrganisationId', SearchAttributeType.KEYWORD);
export const ClientId = defineSearchAttributeKey('ClientId', SearchAttributeType.KEYWORD);
export const InvoiceId = defineSearchAttributeKey('InvoiceId', SearchAttributeType.KEYWORD);
export const PaymentId = defineSearchAttributeKey('PaymentId', SearchAttributeType.KEYWORD);
/** Handlers after their quick retries. They succeed, or move on to FailedHandlers. */
export const LateHandlers = defineSearchAttributeKey('LateHandlers', SearchAttributeType.KEYWORD_LIST);
/** Handlers that wait for an operator. */
export const FailedHandlers = defineSearchAttributeKey('FailedHandlers', SearchAttributeType.KEYWORD_LIST);
/** Those of a follow-up that have waited for an operator for two weeks. They are among FailedHandlers, too. */
export const StrandedHandlers = defineSearchAttributeKey(
  'StrandedHandlers',
  SearchAttributeType.KEYWORD_LIST,
);

export const SEARCH_ATTRIBUTES = [
  EventType,
  CorrelationId,
  OrganisationId,
  ClientId,
  InvoiceId,
  PaymentId,
  LateHandlers,
  FailedHandlers,
  StrandedHandlers,
];

const IDS = {
  correlationId: CorrelationId,
  organisationId: OrganisationId,
  clientId: ClientId,
  invoiceId: InvoiceId,
  paymentId: PaymentId,
};

/** The search attributes of a workflow, from the ids in its event. */
export function searchAttributes(eventType: string, fields: object): SearchAttributePair[] {
  const given = fields as Record<string, unknown>;
  const ids = Object.entries(IDS).flatMap(([field, key]) =>
    typeof given[field] === 'string' && given[field] !== '' ? [{ key, value: given[field] }] : [],
  );
  return [{ key: EventType, value: eventType }, ...ids];
}
