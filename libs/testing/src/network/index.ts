export { freePorts } from './free-ports.js';
export { TcpProxy, type Address } from './tcp-proxy.js';
export { until, untilReady } from './until-ready.js';
