// A row that is added to sections which open and shut begins open: there is nothing to read in its name yet.
document.addEventListener("formset:added", (event) => {
  const section = event.target.closest("[x-data*=openRow]");
  // Alpine sees the row only after this event.
  if (section) requestAnimationFrame(() => { window.Alpine.$data(section).openRow = true; });
});
