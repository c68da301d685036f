// The SDK tries once: a test that shows its retries says so itself. Logs are off but where a test reads them.
process.env.AWS_MAX_ATTEMPTS ??= '1';
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';
process.env.POWERTOOLS_LOG_LEVEL ??= 'SILENT';
process.env.POWERTOOLS_METRICS_DISABLED ??= 'true';
