import type { Db, Model, Tx } from '@crm/db';
import { v7 } from 'uuid';
import type { Call, Repeat } from './call-context.ts';
import { notFound } from './errors.ts';
import { explainConflict } from './explain-conflict.ts';
import { page, type PageRequest } from './page.ts';

type Fields = Record<string, unknown>;
type Row = Fields & { id: string };

/** The part of a Prisma model that the kit uses. */
type Rows = {
  findUnique(args: { where: { id: string } }): Promise<Row | null>;
  findMany(args: { where: Fields; orderBy: { id: 'desc' }; take: number }): Promise<Row[]>;
  create(args: { data: Fields }): Promise<Row>;
  updateManyAndReturn(args: { where: Fields; data: Fields }): Promise<Row[]>;
  deleteMany(args: { where: { id: string } }): Promise<{ count: number }>;
};

/** The configuration of an entity. */
export type EntityOptions<M, P extends string> = {
  /** Its Prisma model. The columns have the names of the message's fields. */
  model: Model;
  /** The field of a list's answer: `clients`. */
  plural: P;
  /** Its message type from ts-proto: `Client`. */
  message: { fromPartial(fields: Fields): M };
  /** The defaults for a Create; `id` is that of the new entity. */
  defaults?: Fields | ((call: Call, id: string) => Fields);
  /** Fields of the message that are not columns. */
  derived?: (row: Row) => Fields;
  /** Runs in the transaction of a creation: an event, for example. */
  created?: (tx: Tx, entity: M, call: Call) => Promise<unknown>;
  /** Runs in the transaction of a change, before it; `changes` are the given fields. */
  updating?: (tx: Tx, id: string, changes: Fields, call: Call) => Promise<unknown>;
  /** Runs in the transaction of a removal, before it. */
  deleting?: (tx: Tx, id: string, call: Call) => Promise<unknown>;
};

/** The plain methods of an entity, for `implement`. */
export type Entity<M, P extends string = string> = {
  create(request: object, call: Call): Promise<M>;
  get(request: { id: string }): Promise<M>;
  /** Changes the given fields; `undefined` ones stay. `before` runs in the same transaction. */
  update(request: { id: string }, call: Call, before?: (tx: Tx) => Promise<unknown>): Promise<M>;
  delete(request: { id: string }, call: Call): Promise<Record<string, never>>;
  /**
   * A page of the entities whose columns equal the request's other fields. An omitted field is no condition.
   */
  list(request: PageRequest): Promise<Record<P, M[]> & { nextPageToken: string }>;
  /** As `list`, with a further Prisma condition. */
  listWhere(request: PageRequest, where: Fields): Promise<Record<P, M[]> & { nextPageToken: string }>;
  /** Reads one within a transaction. */
  read(tx: Tx | Db, id: string): Promise<M>;
  toMessage(row: Fields): M;
  /** For `call.once`, if the effect returns an entity. */
  repeat: Repeat<M>;
};

/** Create, Get, Update, Delete and List of a plain entity, from a configuration. */
export function entity<M extends { id: string }, const P extends string>(
  db: Db,
  options: EntityOptions<M, P>,
): Entity<M, P> {
  const rows = (tx: Tx | Db) => tx[options.model] as unknown as Rows;
  const toMessage = (row: Fields): M =>
    options.message.fromPartial({ ...row, ...options.derived?.(row as Row) });
  const read = async (tx: Tx | Db, id: string): Promise<M> => {
    const row = await rows(tx).findUnique({ where: { id } });
    if (!row) throw notFound(options.model, id);
    return toMessage(row);
  };
  const repeat: Repeat<M> = { idOf: ({ id }) => id, read };
  const listWhere: Entity<M, P>['listWhere'] = async ({ pageSize, pageToken, ...filters }, where) => {
    const found = await page({ pageSize, pageToken }, (last, take) =>
      rows(db).findMany({
        where: { AND: [given(filters), where, last ? { id: { lt: last } } : {}] },
        orderBy: { id: 'desc' },
        take,
      }),
    );
    const rowsOfPage = { [options.plural]: found.rows.map(toMessage) } as Record<P, M[]>;
    return { ...rowsOfPage, nextPageToken: found.nextPageToken };
  };
  const conflicts = (error: Error) =>
    explainConflict(options.model, Object.keys(options.message.fromPartial({})))(error);
  return {
    toMessage,
    read,
    repeat,
    get: ({ id }) => read(db, id),
    create(request, call) {
      const create = async (tx: Tx): Promise<M> => {
        const id = v7();
        const defaults =
          typeof options.defaults === 'function' ? options.defaults(call, id) : options.defaults;
        const data = { ...request, ...defaults, ...given(request), id };
        const created = toMessage(await rows(tx).create({ data }).catch(conflicts));
        await options.created?.(tx, created, call);
        return created;
      };
      return call.once(create, repeat);
    },
    update({ id, ...changes }, call, before) {
      return call.once(async (tx) => {
        await before?.(tx);
        await options.updating?.(tx, id, changes, call);
        const update = rows(tx).updateManyAndReturn({ where: { id }, data: changes });
        const [updated] = await update.catch(conflicts);
        if (!updated) throw notFound(options.model, id);
        return toMessage(updated);
      }, repeat);
    },
    delete({ id }, call) {
      return call.once(async (tx) => {
        await options.deleting?.(tx, id, call);
        const { count } = await rows(tx).deleteMany({ where: { id } });
        if (count === 0) throw notFound(options.model, id);
        return {};
      });
    },
    listWhere,
    // a method also gets its call, which is not a condition
    list: (request) => listWhere(request, {}),
  };
}

/** The fields with a value: proto3 does not distinguish omitted from zero. */
const given = (fields: object): Fields =>
  Object.fromEntries(
    Object.entries(fields).filter(([, value]) =>
      Array.isArray(value)
        ? value.length > 0
        : Boolean(value) && !/^[A-Z_]+_UNSPECIFIED$/.test(String(value)),
    ),
  );
