console.error('no such feature');
process.exit(1);
