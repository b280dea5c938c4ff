import { RequestMethod, type Type, VERSION_NEUTRAL } from '@nestjs/common';
import {
  METHOD_METADATA,
  PATH_METADATA,
  ROUTE_ARGS_METADATA,
  RouteParamtypes,
  VERSION_METADATA,
} from '@nestjs/common/internal';
import { MetadataScanner, type ModulesContainer } from '@nestjs/core';

/** A value of a request that a handler takes: its body, query, or a parameter of its path. */
export interface RouteInput {
  readonly source: 'body' | 'query' | 'path';
  readonly validated: boolean;
}

/** One route of one controller. */
export interface Route {
  readonly method: string;
  /** With version and parameters: `/v1/sales-orders/:id`. */
  readonly path: string;
  readonly controller: Type;
  readonly handlerName: string;
  readonly handler: object;
  readonly inputs: readonly RouteInput[];
}

const SOURCES: Readonly<Record<number, RouteInput['source']>> = {
  [RouteParamtypes.BODY]: 'body',
  [RouteParamtypes.QUERY]: 'query',
  [RouteParamtypes.PARAM]: 'path',
};

interface ArgumentEntry {
  readonly schema?: unknown;
  readonly pipes?: readonly unknown[];
}

function inputsOf(controller: Type, handlerName: string): RouteInput[] {
  const entries = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, handlerName) ?? {}) as Record<
    string,
    ArgumentEntry
  >;
  return Object.entries(entries).flatMap(([key, { schema, pipes = [] }]) => {
    const source = SOURCES[Number(key.split(':', 1)[0])];
    return source ? [{ source, validated: schema !== undefined || pipes.length > 0 }] : [];
  });
}

function joined(...parts: readonly string[]): string {
  const segments = parts.flatMap((part) => part.split('/')).filter((segment) => segment !== '');
  return `/${segments.join('/')}`;
}

function versionsOf(controller: Type, handler: object): string[] {
  const version = (Reflect.getMetadata(VERSION_METADATA, handler) ??
    Reflect.getMetadata(VERSION_METADATA, controller)) as unknown;
  const versions = [version].flat();
  return versions.map((each) => (typeof each === 'string' ? `v${each}` : each === VERSION_NEUTRAL ? '' : ''));
}

function pathsOf(target: object): string[] {
  return [(Reflect.getMetadata(PATH_METADATA, target) as string | string[] | undefined) ?? ''].flat();
}

function routesOfController(controller: Type, scanner: MetadataScanner): Route[] {
  const prototype = controller.prototype as Record<string, object>;
  return scanner.getAllMethodNames(prototype).flatMap((handlerName) => {
    const handler = prototype[handlerName];
    if (!handler || Reflect.getMetadata(PATH_METADATA, handler) === undefined) return [];
    const method = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod] ?? 'GET';
    const inputs = inputsOf(controller, handlerName);
    return versionsOf(controller, handler).flatMap((version) =>
      pathsOf(controller).flatMap((prefix) =>
        pathsOf(handler).map((path) => ({
          method,
          path: joined(version, prefix, path),
          controller,
          handlerName,
          handler,
          inputs,
        })),
      ),
    );
  });
}

/** Every route of every controller of the application, sorted by path and method. */
export function routesIn(modules: ModulesContainer): Route[] {
  const scanner = new MetadataScanner();
  const controllers = new Set<Type>();
  for (const module of modules.values()) {
    for (const { metatype } of module.controllers.values()) if (metatype) controllers.add(metatype as Type);
  }
  const routes = [...controllers].flatMap((controller) => routesOfController(controller, scanner));
  return routes.sort((a, b) => a.path.localeCompare(b.path, 'en') || a.method.localeCompare(b.method, 'en'));
}
