import { expect, test } from 'vitest';
import { UploadSlots } from '../../../collector/http/upload-slots.ts';

const busy = expect.objectContaining({
  status: 503,
  body: expect.objectContaining({ code: 'busy' }),
});

test('one sender cannot take the slots of the others, and frees its own', () => {
  const slots = new UploadSlots(4, 2);
  const [first] = [slots.take('a'), slots.take('a')];
  expect(() => slots.take('a')).toThrow(busy);
  slots.take('b');
  first?.();
  slots.take('a');
  expect(() => slots.take('a')).toThrow(busy);
  slots.take('c');
  expect(() => slots.take('d')).toThrow(busy); // four are taken
});

test('senders that nobody knows share the slots', () => {
  const slots = new UploadSlots(3, 1);
  const [first] = [slots.take(undefined), slots.take(undefined), slots.take(undefined)];
  expect(() => slots.take(undefined)).toThrow(busy);
  first?.();
  slots.take(undefined);
});
