import { enter } from './stack/entry.mjs';

enter('bench');
