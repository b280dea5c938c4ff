import { Injectable, type OnApplicationBootstrap } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { accessOf } from '#libs/auth';
import { RequestGuards } from '../guards/request-guards.module.js';
import { type Route, routesIn } from './routes.js';

/** Faults of one route, each a sentence. */
function faultsOf(route: Route, guarded: boolean): string[] {
  const access = accessOf(route.handler, route.controller);
  const place = `${route.method} ${route.path} (${route.controller.name}.${route.handlerName})`;
  const faults: string[] = [];
  if (!access) faults.push(`${place} declares neither @RequiresPermission, @SignedIn, @OperatorOnly nor @Public`);
  else if (access.kind !== 'public' && !guarded)
    faults.push(`${place} needs the guards: import RequestGuards.forRoot()`);
  for (const input of route.inputs) {
    if (!input.validated) faults.push(`${place} takes its ${input.source} without a schema`);
  }
  return faults;
}

/** What is wrong with the routes of an application; empty if nothing is. */
export function routeFaults(modules: ModulesContainer): string[] {
  const guarded = [...modules.values()].some(({ metatype }) => metatype === RequestGuards);
  return routesIn(modules).flatMap((route) => faultsOf(route, guarded));
}

/** Refuses to start an application with a route that forgot its permission or takes anything unchecked (D1, D3). */
@Injectable()
export class RouteAudit implements OnApplicationBootstrap {
  constructor(private readonly modules: ModulesContainer) {}

  onApplicationBootstrap(): void {
    const faults = routeFaults(this.modules);
    if (faults.length > 0) throw new Error(`Routes that may not be served:\n  ${faults.join('\n  ')}`);
  }
}
