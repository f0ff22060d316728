// The page is all element: what the element would load when somebody comes near is loaded with it.
import "./view.ts";
import "./main.ts";
