import { jest } from '@jest/globals';

// jest's own runner gives it to CommonJS only, the light one to every test
globalThis.jest = jest;
