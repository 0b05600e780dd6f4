import { adopt } from './adopt.ts';

test.each([
  ['too long', 'é'.repeat(128)],
  ['of two lines', 'alice\nbob'],
])('a name that is %s is refused before any invoice is taken up', async (_, who) => {
  await expect(adopt.parseAsync(['--org', 'org-1', '--yes', '--who', who], { from: 'user' })).rejects.toThrow(
    '--who must be one line of 255 bytes at most.',
  );
});
