import { register } from 'tsx/esm/api';

/** Unit tests run as the product does: from source, by tsx. */
export default function setup() {
  register();
}
