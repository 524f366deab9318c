package integration

// RetryTable returns the rows as in the documentation.
func RetryTable() []string {
	var rows []string
	for _, row := range retryTable {
		verdict := map[bool]string{true: "yes", false: "no"}
		rows = append(rows, "| "+row.failure+" | "+verdict[row.retry]+" | "+verdict[row.retry && row.notCarried]+" |")
	}
	return rows
}

// Waiting returns how many sessions of a client have a running call.
func (c *Client) Waiting() int {
	c.queue.mu.Lock()
	defer c.queue.mu.Unlock()
	return len(c.queue.lines)
}
