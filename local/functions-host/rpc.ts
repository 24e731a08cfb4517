// The shapes that the host and a language worker exchange: the parts of `FunctionRpc.proto`
// (Azure/azure-functions-language-worker-protobuf) that HTTP, queue and timer functions need.

export interface RpcTypedData {
  string?: string;
  json?: string;
  bytes?: Uint8Array;
  int?: number;
  double?: number;
  http?: RpcHttp;
}

export interface RpcHttp {
  url?: string;
  method?: string;
  nullableHeaders?: Record<string, { value: string }>;
  nullableQuery?: Record<string, { value: string }>;
  nullableParams?: Record<string, { value: string }>;
  body?: RpcTypedData | null | undefined;
  statusCode?: string;
  headers?: Record<string, string>;
  cookies?: RpcCookie[];
}

export interface RpcCookie {
  name?: string;
  value?: string;
  path?: { value?: string };
  domain?: { value?: string };
  secure?: { value?: boolean };
  httpOnly?: { value?: boolean };
  maxAge?: { value?: number };
  expires?: { value?: { seconds?: number } };
  sameSite?: 'none' | 'lax' | 'strict' | 'explicitNone';
}

/** A trigger, input or output as the function declared it; other keys depend on the type. */
export interface RpcBinding {
  type: string;
  direction?: 'in' | 'out';
  name?: string;
  [setting: string]: unknown;
}

export interface FunctionMetadata {
  name: string;
  bindings: Record<string, RpcBinding>;
}

export interface InvocationRequest {
  invocationId: string;
  functionId: string;
  inputData: { name: string; data: RpcTypedData }[];
  triggerMetadata: Record<string, RpcTypedData>;
  traceContext: { traceParent: string; traceState: string; attributes: Record<string, string> };
}

export interface InvocationResponse {
  outputData?: { name: string; data: RpcTypedData }[];
  returnValue?: RpcTypedData | null | undefined;
}

export type LogLevel = 'trace' | 'debug' | 'information' | 'warning' | 'error' | 'critical' | 'none';
export type LogCategory = 'user' | 'system' | 'host';
