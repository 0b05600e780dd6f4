import { addEventHandler } from 'jest-circus';

const LIMIT_MS = 60_000;
// the real ones, before a test replaces them by fakes
const { setTimeout, clearTimeout, performance } = globalThis;

/**
 * jest-light-runner has no time limits: each test and hook gets its own limit, or 60 s. A test that computes
 * without pause for longer fails when it has ended.
 */
addEventHandler(({ name }, { currentDescribeBlock: block }) => {
  const made = { add_test: block.children, add_hook: block.hooks }[name]?.at(-1);
  if (made?.fn) made.fn = limited(made.fn, made.timeout ?? LIMIT_MS);
});

const limited = (run, ms) => async () => {
  const began = performance.now();
  const late = () => new Error(`It has not ended after ${ms} ms.`);
  let timer;
  const over = new Promise((_, reject) => {
    timer = setTimeout(() => reject(late()), ms);
  });
  try {
    await Promise.race([run(), over]);
  } finally {
    clearTimeout(timer);
  }
  if (performance.now() - began > ms) throw late();
};
