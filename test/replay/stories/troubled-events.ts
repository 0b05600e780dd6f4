import type { Case } from '../history-files.ts';
import type { Stage, Story } from '../stage.ts';

/** An event of something that no service knows yet, and how it comes to be known. */
type Unknown = { eventId: string; becomesKnown: () => Promise<unknown> };

/** Handlers refuse the event; its run waits for an operator, who skips them, or has them run again. */
export const failedEventStories = (
  workflow: string,
  publishUnknown: (stage: Stage) => Promise<Unknown>,
): Story[] => {
  const named = (path: string): Case => `${workflow}/${path}`;
  return [
    {
      cases: [named('failed-open'), named('skipped-by-operator')],
      async play(stage, keep) {
        const { eventId } = await publishUnknown(stage);
        await keep(named('failed-open'), eventId);
        await stage.skip(eventId);
        await stage.completed(eventId);
        await keep(named('skipped-by-operator'), eventId);
      },
    },
    {
      cases: [named('redriven')],
      async play(stage, keep) {
        const { eventId, becomesKnown } = await publishUnknown(stage);
        await becomesKnown();
        await stage.redrive(eventId);
        await stage.completed(eventId);
        await keep(named('redriven'), eventId);
      },
    },
  ];
};

/** Handlers are retried while a part of the platform is away, and succeed when it is back. */
export const retriedEventStory = (
  workflow: string,
  part: 'mail' | 'services',
  publish: (stage: Stage) => Promise<() => Promise<string>>,
): Story => {
  const [retrying, retried]: [Case, Case] = [`${workflow}/retrying`, `${workflow}/retried`];
  return {
    cases: [retrying, retried],
    async play(stage, keep) {
      const { platform } = stage.stack;
      const happens = await publish(stage);
      await platform.stop(part);
      const eventId = await happens();
      await stage.retries(eventId);
      await keep(retrying, eventId);
      await platform.start(part);
      await stage.completed(eventId);
      await keep(retried, eventId);
    },
  };
};
