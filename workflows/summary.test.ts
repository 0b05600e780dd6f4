import { summary } from './summary.ts';

test('what fits stays', () => {
  expect(summary('Relance J+15 de la facture F-2026-0042')).toBe('Relance J+15 de la facture F-2026-0042');
});

test('a longer one is cut between two characters, to what the server takes', () => {
  const cut = summary(`mise en pause, par alice: ${'é'.repeat(500)}`);
  expect(cut).toMatch(/^mise en pause, par alice: é+…$/);
  expect(new TextEncoder().encode(cut).length).toBeLessThanOrEqual(300);
  expect(new TextEncoder().encode(cut).length).toBeGreaterThan(290);
});
