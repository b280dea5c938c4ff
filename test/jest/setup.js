// CommonJS packages that require Nest (@nestjs/throttler) fail with "Cannot require() ES Module in a cycle"
// unless Nest's own modules are already loaded.
import 'reflect-metadata';
import '@nestjs/common';
import '@nestjs/core';
