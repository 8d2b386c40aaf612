<?php
const VERSION = ;
