import { conflict, type RpcError } from '@crm/kit';

/** ALREADY_EXISTS, naming the field. */
export const referenceTaken = (reference: string): RpcError =>
  conflict(`reference: the organisation has a contract ${reference} already`);
