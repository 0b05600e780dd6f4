import { invalid } from '@crm/kit';
import { createHash } from 'node:crypto';
import jpeg from 'jpeg-js';
import { PNG } from 'pngjs';
import type { Logo } from '@crm/proto/organisations/organisations';

/** The most pixels of a logo: 1000 × 1000, or 2500 × 400. */
const MAX_PIXELS = 1_000_000;
/**
 * The most scans of a JPEG. Usual ones have ten; 256 KB could hold thousands, each of which goes over all
 * pixels.
 */
const MAX_SCANS = 32;
const JPEG_QUALITY = 90;
const JPEG_MEMORY_MB = 64;

const PNG_SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const JPEG_SIGNATURE = Buffer.from([0xff, 0xd8, 0xff]);
const SCAN = Buffer.from([0xff, 0xda]);

/**
 * Reads a picture from a caller and encodes it anew from its pixels: other content of the file (texts,
 * places, profiles, other files) is dropped. Transparent parts become white, like paper.
 * @throws {RpcError} INVALID_ARGUMENT `logo`: not a PNG or JPEG, damaged, too many pixels
 */
export function readLogo(bytes: Uint8Array): Logo {
  const file = Buffer.from(bytes);
  const picture = startsWith(file, PNG_SIGNATURE)
    ? readPng(file)
    : startsWith(file, JPEG_SIGNATURE)
      ? readJpeg(file)
      : undefined;
  if (!picture) throw invalid('logo', 'must be a PNG or JPEG picture');
  return { id: createHash('sha256').update(picture.contenu).digest('hex'), ...picture };
}

type Picture = Omit<Logo, 'id'>;

function readPng(file: Buffer): Picture {
  // the header comes first, at a fixed position (ISO/IEC 15948, 11.2.2)
  if (file.length < 33 || file.toString('latin1', 12, 16) !== 'IHDR') throw damaged();
  const [largeur, hauteur] = [file.readUInt32BE(16), file.readUInt32BE(20)];
  assertSize(largeur, hauteur);
  // the header does not limit the unpacked size of an interlaced picture
  if (file[28] !== 0) throw invalid('logo', 'must not be an interlaced PNG: save it without interlacing');
  try {
    const { data } = PNG.sync.read(file, { checkCRC: true });
    const flat = { data, width: largeur, height: hauteur };
    const contenu = PNG.sync.write(onWhite(flat) as PNG, { colorType: 2, inputHasAlpha: true });
    return { typeMime: 'image/png', contenu, largeur, hauteur };
  } catch {
    throw damaged();
  }
}

function readJpeg(file: Buffer): Picture {
  let scans = 0;
  for (let at = file.indexOf(SCAN); at >= 0; at = file.indexOf(SCAN, at + 2)) scans += 1;
  if (scans > MAX_SCANS) throw invalid('logo', `must not be a JPEG of more than ${MAX_SCANS} scans`);
  const decode = () => {
    try {
      return jpeg.decode(file, {
        maxResolutionInMP: MAX_PIXELS / 1_000_000,
        maxMemoryUsageInMB: JPEG_MEMORY_MB,
        tolerantDecoding: false,
      });
    } catch (error) {
      if (/maxResolutionInMP|maxMemoryUsage/.test(String(error))) throw tooLarge();
      throw damaged();
    }
  };
  const { data, width: largeur, height: hauteur } = decode();
  assertSize(largeur, hauteur);
  const contenu = jpeg.encode({ data, width: largeur, height: hauteur }, JPEG_QUALITY).data;
  return { typeMime: 'image/jpeg', contenu, largeur, hauteur };
}

function onWhite<T extends { data: Buffer }>(picture: T): T {
  const { data } = picture;
  for (let at = 0; at < data.length; at += 4) {
    const alpha = data[at + 3]!;
    for (let colour = at; colour < at + 3; colour += 1) {
      data[colour] = Math.round((data[colour]! * alpha + 255 * (255 - alpha)) / 255);
    }
    data[at + 3] = 255;
  }
  return picture;
}

function assertSize(largeur: number, hauteur: number): void {
  if (largeur === 0 || hauteur === 0) throw damaged();
  if (largeur * hauteur > MAX_PIXELS) throw tooLarge();
}

const startsWith = (file: Buffer, signature: Buffer): boolean =>
  file.subarray(0, signature.length).equals(signature);
const damaged = () => invalid('logo', 'must be a picture that can be read: this file is damaged');
const tooLarge = () => invalid('logo', `must not have more than ${MAX_PIXELS} pixels`);
