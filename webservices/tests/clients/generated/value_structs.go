// Messages as Go writes them from gowsdl's types: go run value_structs.go NUMBER PART USER PASSWORD
// gowsdl makes a struct by value of a type without a name, and a pointer to one that has a name; encoding/xml writes the
// first always, as omitempty knows no empty struct. Each message changes one text, and is printed on a line of its own.
package main

import (
	"encoding/xml"
	"fmt"
	"os"
)

const oracle = "http://xmlns.oracle.com/cpqcloud/"
const ecosys = "http://ecosys.net/api/SalesOrder"

// As made of the former WSDLs.

type formerOrder struct {
	Number  string `xml:"sales_order_number,omitempty"`
	Subject string `xml:"subject,omitempty"`
	Rows    struct {
		EachRow []struct {
			Quantity float64 `xml:"quantity,omitempty"`
		} `xml:"each_row,omitempty"`
	} `xml:"rows,omitempty"`
}

type formerPart struct {
	Number      string `xml:"part_number,omitempty"`
	Description struct {
		En string `xml:"en,omitempty"`
	} `xml:"description,omitempty"`
	Price struct {
		USD string `xml:"USD,omitempty"`
	} `xml:"price,omitempty"`
	Notes       string   `xml:"notes,omitempty"`
	Attachments []string `xml:"attachments,omitempty"`
}

type formerObject struct {
	OrderID string `xml:"OrderID,omitempty"`
	Subject string `xml:"Subject,omitempty"`
	Rows    struct {
		Row []struct {
			Quantity float64 `xml:"Quantity,omitempty"`
		} `xml:"Row,omitempty"`
	} `xml:"Rows,omitempty"`
}

// As made of those whose types have names.

type stringTo255 string

type rowsRow struct {
	Quantity float64 `xml:"quantity,omitempty"`
}

type rowsList struct {
	EachRow []*rowsRow `xml:"each_row,omitempty"`
	Clear   *bool      `xml:"clear,attr,omitempty"`
}

type order struct {
	Number  string       `xml:"sales_order_number,omitempty"`
	Subject *stringTo255 `xml:"subject,omitempty"`
	Rows    *rowsList    `xml:"rows,omitempty"`
}

// The messages that hold them.

type updateOrders struct {
	XMLName xml.Name
	Records []any `xml:"SalesOrders>each_record"`
}

type updateParts struct {
	XMLName xml.Name
	Records []any `xml:"Parts>each_record"`
}

type updateObjects struct {
	XMLName  xml.Name
	Username string `xml:"SalesOrderOptions>Username"`
	Password string `xml:"SalesOrderOptions>Password"`
	Objects  []any  `xml:"SalesOrder"`
}

func main() {
	number, part, user, password := os.Args[1], os.Args[2], os.Args[3], os.Args[4]
	orders := xml.Name{Space: oracle + "salesOrders", Local: "updateSalesOrders"}
	parts := xml.Name{Space: oracle + "parts", Local: "updateParts"}
	objects := xml.Name{Space: ecosys, Local: "SalesOrderUpdateRequestElement"}
	subject, yes := stringTo255("new"), true
	write(updateOrders{orders, []any{formerOrder{Number: number, Subject: "new"}}})
	write(updateOrders{orders, []any{order{Number: number, Subject: &subject}}})
	write(updateOrders{orders, []any{order{Number: number, Subject: &subject, Rows: &rowsList{}}}})
	write(updateParts{parts, []any{formerPart{Number: part, Notes: "new"}}})
	write(updateObjects{objects, user, password, []any{formerObject{OrderID: number, Subject: "new"}}})
	write(updateOrders{orders, []any{order{Number: number, Rows: &rowsList{Clear: &yes}}}})
}

func write(message any) {
	written, problem := xml.Marshal(message)
	if problem != nil {
		panic(problem)
	}
	fmt.Println(string(written))
}
