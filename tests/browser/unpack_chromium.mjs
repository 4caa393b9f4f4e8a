// Unpacks the Chromium of @sparticuz/chromium, with the libraries that a bare machine lacks, and prints where it lies.
process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs22.x'; // only then does the package bring its own libraries
const { default: chromium } = await import('@sparticuz/chromium');
console.log(JSON.stringify({ path: await chromium.executablePath(), libraries: process.env.LD_LIBRARY_PATH ?? '' }));
