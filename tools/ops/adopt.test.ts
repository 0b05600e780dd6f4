import { adopt } from './adopt.ts';

test.each([
  ['too long', 'é'.repeat(128)],
  ['of two lines', 'alice\nbob'],
])('a name that is %s is refused before any invoice is taken up', async (_, who) => {
  await expect(adopt.parseAsync(['--org', 'org-1', '--yes', '--who', who], { from: 'user' })).rejects.toThrow(
    '--who must be one line of 255 bytes at most.',
  );
});

test.each(['1e-9', '0', '1e9', 'vingt', '-1'])(
  '%s a second, which no timer keeps, is refused',
  async (rate) => {
    const told = adopt.parseAsync(['--org', 'org-1', '--yes', `--per-second=${rate}`], { from: 'user' });
    await expect(told).rejects.toThrow(`--per-second ${rate} is no number from 0.01 to 1000.`);
  },
);
