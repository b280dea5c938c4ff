import vm from 'node:vm';

/**
 * Jest gives every spec file modules of its own and compiles their sources anew for it. V8 takes what it made of the
 * same source earlier in this process: a fifth of the suite's time was compiling Nest and TypeORM again and again.
 * The modules themselves are still each file's own.
 */
const compiled = new Map();

/** @param {string} file what it was compiled as @param {string} source taken only as long as it is this very text */
function known(file, source) {
  const entry = compiled.get(file);
  return entry?.source === source ? entry.data : undefined;
}

const { SourceTextModule, compileFunction } = vm;

class CachedModule extends SourceTextModule {
  constructor(source, options) {
    const cachedData = known(options.identifier, source);
    super(source, cachedData ? { ...options, cachedData } : options);
    if (!cachedData && options.identifier) compiled.set(options.identifier, { source, data: this.createCachedData() });
  }
}

function compileCachedFunction(source, parameters, options) {
  const cachedData = known(options.filename, source);
  if (cachedData) return compileFunction(source, parameters, { ...options, cachedData });
  const made = compileFunction(source, parameters, { ...options, produceCachedData: true });
  if (made.cachedDataProduced) compiled.set(options.filename, { source, data: made.cachedData });
  return made;
}

/** From here on, sources that this process has compiled before are not compiled again. */
export function compileOnce() {
  vm.SourceTextModule = CachedModule;
  vm.compileFunction = compileCachedFunction;
}
