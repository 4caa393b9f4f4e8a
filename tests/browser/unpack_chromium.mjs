// Unpacks the Chromium of @sparticuz/chromium, with the libraries that a bare machine lacks, and prints where it lies.
process.env.AWS_EXECUTION_ENV = 'AWS_Lambda_nodejs22.x'; // only then does the package bring its own libraries
const { default: chromium } = await import('@sparticuz/chromium');
const path = await chromium.executablePath();
const { LD_LIBRARY_PATH = '', FONTCONFIG_PATH = '' } = process.env; // the package has set them
console.log(JSON.stringify({ path, environment: { LD_LIBRARY_PATH, FONTCONFIG_PATH } }));
