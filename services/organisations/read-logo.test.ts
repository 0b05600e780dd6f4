import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import { deflateSync } from 'node:zlib';
import { readLogo } from './read-logo.ts';

const pixels = (width: number, height: number, rgba: number[]) => ({
  width,
  height,
  data: Buffer.alloc(width * height * 4, Buffer.from(rgba)),
});
const png = (width: number, height: number, rgba = [200, 10, 10, 255]): Buffer =>
  PNG.sync.write(pixels(width, height, rgba) as PNG);
const jpg = (width: number, height: number): Buffer =>
  jpeg.encode(pixels(width, height, [1, 2, 3, 255]), 80).data;
const faultOf = (bytes: Uint8Array): string => {
  try {
    readLogo(bytes);
    return '';
  } catch (error) {
    return (error as Error).message;
  }
};
/** The same PNG with a changed header: another size, or interlaced. */
const withHeader = (file: Buffer, change: (header: Buffer) => void): Buffer => {
  const changed = Buffer.from(file);
  change(changed);
  return changed;
};

test('a PNG and a JPEG are read, by what they are', () => {
  expect(readLogo(png(30, 20))).toMatchObject({ typeMime: 'image/png', largeur: 30, hauteur: 20 });
  expect(readLogo(jpg(16, 8))).toMatchObject({ typeMime: 'image/jpeg', largeur: 16, hauteur: 8 });
});

test('the same picture is the same logo, another one is another', () => {
  expect(readLogo(png(3, 2)).id).toBe(readLogo(png(3, 2)).id);
  expect(readLogo(png(3, 2)).id).not.toBe(readLogo(png(2, 3)).id);
});

test('transparent parts become white, and the picture has no more than colours', () => {
  const { contenu } = readLogo(png(2, 1, [0, 0, 0, 0]));
  expect(contenu[25]).toBe(2);
  expect([...PNG.sync.read(Buffer.from(contenu)).data]).toEqual([255, 255, 255, 255, 255, 255, 255, 255]);
});

test('what else a file holds is not kept', () => {
  const script = '<script>alert(1)</script>';
  for (const file of [png(2, 2), jpg(8, 8)]) {
    const withMore = Buffer.concat([file, Buffer.from(script)]);
    const fault = faultOf(withMore);
    if (!fault) expect(Buffer.from(readLogo(withMore).contenu).toString('latin1')).not.toContain(script);
  }
});

test.each<[string, Buffer, RegExp]>([
  ['a text', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'), /PNG or JPEG/],
  ['a GIF', Buffer.from('GIF89a'), /PNG or JPEG/],
  ['a PNG cut short', png(30, 20).subarray(0, 60), /damaged/],
  ['a PNG of a header only', png(30, 20).subarray(0, 20), /damaged/],
  ['a PNG with a wrong sum', withHeader(png(30, 20), (file) => file.writeUInt8(1, 45)), /damaged/],
  ['a PNG of nothing', withHeader(png(30, 20), (file) => file.writeUInt32BE(0, 16)), /damaged/],
  ['a JPEG cut short', jpg(64, 64).subarray(0, 200), /damaged/],
  [
    'a PNG that says it is huge',
    withHeader(png(1, 1), (file) => file.writeUInt32BE(65_535, 16)),
    /damaged|pixels/,
  ],
  ['a large PNG', png(2000, 600), /pixels/],
  ['a large JPEG', jpg(2000, 600), /pixels/],
  ['an interlaced PNG', withHeader(png(3, 3), (file) => file.writeUInt8(1, 28)), /interlaced/],
])('%s is refused, and says so', (_, file, fault) => {
  expect(faultOf(file)).toMatch(/^logo: /);
  expect(faultOf(file)).toMatch(fault);
});

test('what inflates to more than its header says costs nothing', () => {
  const small = png(10, 10);
  const at = small.indexOf('IDAT');
  const bomb = deflateSync(Buffer.alloc(60_000_000));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(bomb.length);
  const file = Buffer.concat([small.subarray(0, at - 4), length, Buffer.from('IDAT'), bomb, Buffer.alloc(4)]);
  const before = process.memoryUsage().rss;
  expect(faultOf(file)).toMatch(/damaged/);
  expect(process.memoryUsage().rss - before).toBeLessThan(40_000_000);
});

test('a JPEG of a thousand scans is not gone through', () => {
  const file = jpg(8, 8);
  const scans = Buffer.concat(Array.from({ length: 1000 }, () => Buffer.from([0xff, 0xda, 0, 2])));
  expect(faultOf(Buffer.concat([file, scans]))).toMatch(/scans/);
});
