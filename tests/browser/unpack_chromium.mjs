// Unpacks the Chromium of @sparticuz/chromium under TMPDIR, with the libraries and the one Latin font that a bare machine lacks.
process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs22.x'; // only then does the package bring its own libraries
const { default: chromium } = await import('@sparticuz/chromium');
await chromium.executablePath();
