import { create, createRegistry } from '@bufbuild/protobuf';
import { createValidator } from '@bufbuild/protovalidate';
import { descriptors } from '@crm/kit';
import { REMINDER_TEMPLATES } from './mail-templates.ts';

test('the contract takes these templates for a level of reminders, and no others', () => {
  const validator = createValidator({ registry: createRegistry(...descriptors) });
  const request = descriptors.getMessage('relance.CreateRegleRelanceRequest')!;
  const isTaken = (modele: string) =>
    validator.validate(request, create(request, { niveau: 1, modele })).kind === 'valid';
  expect(REMINDER_TEMPLATES.filter((modele) => !isTaken(modele))).toEqual([]);
  expect(isTaken('')).toBe(true);
  expect(isTaken('bienvenue')).toBe(false);
});
