// A form with data-confirm asks before it is sent: no policy of a page lets a handler stand in it.
document.addEventListener("submit", (event) => {
  const question = event.target.dataset.confirm;
  if (question && !window.confirm(question)) event.preventDefault();
});
